using System.CommandLine;
using LLMOS.Client;

namespace LLMOS.Shell.Commands;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Data { get; } = new("--data")
    {
        Description = "The data folder (default: LLMOS_DATA, or this user's by the platform's convention)",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<string?> Connect { get; } = new("--connect")
    {
        Description = "Join a running cluster by a silo's gateway instead of booting an embedded silo",
        HelpName = "HOST:PORT",
        Recursive = true,
    };

    public Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Write results and errors only",
        Recursive = true,
    };

    public GlobalOptions()
    {
        Data.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } folder && string.IsNullOrWhiteSpace(folder))
            {
                result.AddError("--data is empty: name a folder.");
            }
        });
        Connect.Validators.Add(result =>
        {
            try
            {
                _ = result.GetValueOrDefault<string?>() is { } address ? GatewayAddress.Parse(address) : null;
            }
            catch (LlmosException wrong)
            {
                result.AddError(wrong.Message);
            }
        });
    }

    /// <summary>The model for what a command makes think; not on commands that only look.</summary>
    public static Option<string?> Model() => new("--model", "-m")
    {
        Description = "The model: a name that llmos models lists, or the path of a GGUF file (default: LLMOS_MODEL, or the embedded one)",
        HelpName = "PATH|NAME",
    };

    /// <summary>How a listing is written.</summary>
    public static Option<Output.OutputFormat> Format() => new("--output", "-o")
    {
        Description = "How to write it: table, json or yaml",
        HelpName = "table|json|yaml",
        CustomParser = result => result.Tokens is [{ Value: var text }] ? Parse(text, result) : default,
    };

    private static Output.OutputFormat Parse(string text, System.CommandLine.Parsing.ArgumentResult result)
    {
        switch (text.ToUpperInvariant())
        {
            case "TABLE":
                return Output.OutputFormat.Table;
            case "JSON":
                return Output.OutputFormat.Json;
            case "YAML":
                return Output.OutputFormat.Yaml;
            default:
                result.AddError($"'{text}' is no output format: use table, json or yaml.");
                return default;
        }
    }
}
