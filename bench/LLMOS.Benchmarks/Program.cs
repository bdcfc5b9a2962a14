using LLMOS.Benchmarks;

return await BenchmarkCommandLine.RunAsync(args, Console.Out, Console.Error);
