using System.Globalization;
using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Tests.Child;

/// <summary>What the crash tests let another process do to a data folder.</summary>
internal static class ChildProgram
{
    private static async Task<int> Main(string[] args)
    {
        try
        {
            switch (args)
            {
                case ["hold", var folder]:
                    return await HoldAsync(folder);
                case ["append", var folder]:
                    return await AppendLoop.RunAsync(folder);
                case ["fill", var folder]:
                    return await FillLoop.RunAsync(folder);
                case ["syscalls", var folder]:
                    return await SyscallLoop.RunAsync(folder);
                case ["files", var folder, var seed]:
                    return await FileLoop.RunAsync(folder, int.Parse(seed, CultureInfo.InvariantCulture));
                case ["embeddings", var folder, var seed]:
                    return await EmbeddingLoop.RunAsync(folder, int.Parse(seed, CultureInfo.InvariantCulture));
                case ["bus", var folder, var seed]:
                    return await BusLoop.RunAsync(folder, int.Parse(seed, CultureInfo.InvariantCulture));
                case ["bus-drain", var folder]:
                    return await BusLoop.DrainAsync(folder);
                case ["kernel", var folder, var seed]:
                    return await KernelLoop.RunAsync(folder, int.Parse(seed, CultureInfo.InvariantCulture));
                case ["kernel-drain", var folder]:
                    return await KernelLoop.DrainAsync(folder);
                default:
                    await Console.Error.WriteLineAsync($"Unknown arguments: {string.Join(' ', args)}. Known are: hold FOLDER, append FOLDER, fill FOLDER, syscalls FOLDER, files FOLDER SEED, embeddings FOLDER SEED, bus FOLDER SEED, bus-drain FOLDER, kernel FOLDER SEED, kernel-drain FOLDER.");
                    return 2;
            }
        }
        catch (LlmosException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    /// <summary>Holds the folder until its standard input ends.</summary>
    private static async Task<int> HoldAsync(string folder)
    {
        using var store = SqliteStore.Open(folder);
        await Console.Out.WriteLineAsync("held");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
