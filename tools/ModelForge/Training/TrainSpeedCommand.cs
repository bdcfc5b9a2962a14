using System.CommandLine;
using System.Globalization;

namespace ModelForge.Training;

/// <summary><c>train-speed</c>: how fast the trainer is here.</summary>
internal static class TrainSpeedCommand
{
    public static Command Create()
    {
        var threads = CommandOption.Count("--threads", "Threads that compute; 2 when not given.");
        var command = new Command("train-speed", "Measures the trainer: tokens a second at 2.75 million parameters.") { threads };
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(threads) ?? new TrainingOptions().Threads;
            var rate = TrainerSpeed.Measure(given);
            parsed.InvocationConfiguration.Output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{rate:0} tokens a second on {given} threads"));
        });
        return command;
    }
}
