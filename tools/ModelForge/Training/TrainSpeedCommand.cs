using System.CommandLine;
using System.Globalization;

namespace ModelForge.Training;

/// <summary><c>train-speed</c>: how fast the trainer is here.</summary>
internal static class TrainSpeedCommand
{
    public static Command Create()
    {
        var threads = new Option<int>("--threads") { Description = "Threads that compute.", DefaultValueFactory = static _ => 2 };
        var command = new Command("train-speed", "Measures the trainer: tokens a second at 2.75 million parameters.") { threads };
        command.SetAction(parsed =>
        {
            var rate = TrainerSpeed.Measure(parsed.GetValue(threads));
            parsed.InvocationConfiguration.Output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{rate:0} tokens a second on {parsed.GetValue(threads)} threads"));
        });
        return command;
    }
}
