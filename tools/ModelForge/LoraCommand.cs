using System.CommandLine;
using System.Globalization;

namespace ModelForge;

/// <summary><c>lora</c>: writes one random adapter.</summary>
internal static class LoraCommand
{
    public static Command Create()
    {
        var outFile = new Option<string>("--out") { Description = "The file to write.", Required = true, HelpName = "FILE" };
        var seed = CommandOption.Number<ulong>("--seed", "Seed of the weights; 1 when not given.");
        var rank = CommandOption.Number<int>("--rank", "Rank of what is added to each matrix; 8 when not given.");
        var alpha = CommandOption.Number<float>("--alpha", "What is added is alpha / rank times the product; 16 when not given.");
        var strength = CommandOption.Number<double>("--strength", "How large what is added is beside the base's weights; 0.5 when not given.");
        var targets = new Option<string[]>("--targets")
        {
            Description = $"The matrices to change: {string.Join(", ", LoraOptions.AllTargets)}; all when not given.",
            HelpName = "NAMES",
            AllowMultipleArgumentsPerToken = true,
        };
        var name = new Option<string>("--name") { Description = "The adapter's name in its metadata." };
        var shape = new ShapeOptions();
        var command = new Command("lora", "Makes a LoRA adapter of random weights for a random model of the same shape.")
        {
            outFile, seed, rank, alpha, strength, targets, name,
        };
        shape.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var usual = new LoraOptions();
                var adapter = new RandomLora(shape.Read(parsed), usual with
                {
                    Seed = parsed.GetValue(seed) ?? usual.Seed,
                    Rank = parsed.GetValue(rank) ?? usual.Rank,
                    Alpha = parsed.GetValue(alpha) ?? usual.Alpha,
                    Strength = parsed.GetValue(strength) ?? usual.Strength,
                    Targets = parsed.GetValue(targets) is { Length: > 0 } some ? some : usual.Targets,
                    Name = parsed.GetValue(name),
                });
                var path = parsed.GetRequiredValue(outFile);
                adapter.Write(path, cancellationToken);
                parsed.InvocationConfiguration.Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: an adapter of {adapter.ParameterCount:N0} random weights, {new FileInfo(path).Length:N0} bytes."));
                return 0;
            },
            cancellationToken));
        return command;
    }
}
