using System.CommandLine;
using LLMOS.Shell.Configuration;
using LLMOS.Shell.Sessions;
using LLMOS.Silo;
using Microsoft.Extensions.Configuration;

namespace LLMOS.Shell.Commands.Settings;

/// <summary>A command on the configuration.</summary>
internal abstract class SettingCommand(string name, string description, ShellContext context) : ShellCommand(name, description, context)
{
    protected static Argument<string> NameArgument() => new("NAME") { Description = "The option, such as GatewayPort or Models:Policy; config list --all lists them" };

    /// <exception cref="UsageException">Nothing reads an option of that name.</exception>
    protected static string Known(string name) => SiloConfigurationKeys.Find(name)
        ?? throw new UsageException($"'{name}' is no option of the configuration: llmos config list --all lists them.");

    /// <exception cref="UsageException">The configuration of a cluster is each silo's own.</exception>
    protected IConfiguration Load(ParseResult parse)
    {
        if (parse.GetValue(Context.Global.Connect) is not null)
        {
            throw new UsageException("The configuration is the data folder's: name that with --data, without --connect.");
        }

        return SiloSettings.Load(new SessionOptions { Data = Data(parse) });
    }

    protected SettingsFile FileOf(ParseResult parse)
    {
        _ = Load(parse);
        return new SettingsFile(SiloSettings.Folder(new SessionOptions { Data = Data(parse) }));
    }

    private string? Data(ParseResult parse) => Context.Interactive?.DataFolder ?? parse.GetValue(Context.Global.Data);
}
