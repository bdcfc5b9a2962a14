using System.CommandLine;
using System.Globalization;

namespace ModelForge.Training;

/// <summary><c>train-speed</c>: how fast the trainer is here.</summary>
internal static class TrainSpeedCommand
{
    public static Command Create()
    {
        var threads = CommandOption.Count("--threads", "Threads that compute; 2 when not given.");
        var optimizer = TrainCommand.OptimizerOption();
        var command = new Command("train-speed", "Measures the trainer: tokens a second at 2.75 million parameters.") { threads, optimizer };
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(threads) ?? new TrainingOptions().Threads;
            var rate = TrainerSpeed.Measure(given, optimizer: parsed.GetValue(optimizer) ?? Optimizer.Muon);
            parsed.InvocationConfiguration.Output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{rate:0} tokens a second on {given} threads"));
        });
        return command;
    }
}
