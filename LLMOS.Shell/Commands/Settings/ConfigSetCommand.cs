using System.CommandLine;

namespace LLMOS.Shell.Commands.Settings;

/// <summary><c>config set</c>: writes an option into the file.</summary>
internal sealed class ConfigSetCommand : SettingCommand
{
    private readonly Argument<string> _name = NameArgument();
    private readonly Argument<string> _value = new("VALUE") { Description = "Its value" };

    public ConfigSetCommand(ShellContext context)
        : base("set", "Write an option into llmos.json; a value that no silo would start with is refused", context)
    {
        Add(_name);
        Add(_value);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var name = Known(parse.GetRequiredValue(_name));
        if (name == "Data")
        {
            throw new UsageException("The file lies in the data folder, so that it cannot say where that is: use --data, or LLMOS_DATA.");
        }

        var file = FileOf(parse);
        file.Set(name, parse.GetRequiredValue(_value));
        if (!parse.GetValue(Context.Global.Quiet))
        {
            Context.Console.WriteProgress($"{name} is in {file.Path}; it holds from the next start of a silo on.");
        }

        return Task.FromResult(ExitCodes.Success);
    }
}
