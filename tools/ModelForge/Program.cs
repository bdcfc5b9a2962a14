using ModelForge;

return await ForgeCommandLine.RunAsync(args, Console.Out, Console.Error);
