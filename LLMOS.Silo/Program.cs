using LLMOS.Silo;

return await StandaloneSilo.RunAsync(args, Console.Out, Console.Error);
