using LLMOS.Simulator;

return await SimulatorCommandLine.RunAsync(args, Console.Out, Console.Error);
