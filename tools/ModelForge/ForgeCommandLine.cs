using System.CommandLine;
using ModelForge.Training;

namespace ModelForge;

/// <summary>The command line: 0 when it was done and all goals hold, 1 when not, 2 for a wrong call, 130 when interrupted.</summary>
public static class ForgeCommandLine
{
    public const int Failure = 1;
    public const int Usage = 2;
    public const int Interrupted = 130;

    /// <summary>Parses and runs <paramref name="args"/>; every error is one sentence on <paramref name="error"/>.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(args);
        var root = new RootCommand("Makes GGUF models for LLMOS's tests, benchmarks and embedded default.")
        {
            RandomCommand.Create(),
            LoraCommand.Create(),
            CorpusCommand.Create(),
            VocabularyCommand.Create(),
            TrainCommand.Create(),
            TrainSpeedCommand.Create(),
            ExportCommand.Create(),
            EvalCommand.Create(),
        };
        var result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            var wrong = result.UnmatchedTokens.Count > 0
                ? $"'{result.UnmatchedTokens[0]}' is no command or option of ModelForge."
                : result.Errors[0].Message;
            await error.WriteLineAsync($"{wrong} `ModelForge --help` lists what there is.");
            return Usage;
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,

                // Time to remove the unfinished file, on a slow disk too.
                ProcessTerminationTimeout = TimeSpan.FromSeconds(20),
            };
            return await result.InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Interrupted: what was not finished was not written.");
            return Interrupted;
        }
        catch (Exception unfit) when (unfit is InvalidModelShapeException or BadInputException)
        {
            await error.WriteLineAsync(unfit.Message);
            return Usage;
        }
        catch (IOException failure)
        {
            await error.WriteLineAsync(failure.Message);
            return Failure;
        }
    }
}
