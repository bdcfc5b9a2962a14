using System.CommandLine;

namespace LLMOS.Shell.Commands.Settings;

/// <summary><c>config</c>: the configuration of a data folder. It starts no silo.</summary>
internal sealed class ConfigCommand : Command
{
    public ConfigCommand(ShellContext context)
        : base("config", "Show and change the configuration, the file llmos.json in the data folder")
    {
        Add(new ConfigListCommand(context));
        Add(new ConfigGetCommand(context));
        Add(new ConfigSetCommand(context));
        Add(new ConfigUnsetCommand(context));
    }
}
