using System.CommandLine;
using LLMOS.Shell.Configuration;

namespace LLMOS.Shell.Commands.Settings;

/// <summary><c>config get</c>: writes the value of an option; exit code 1 where nobody has said it.</summary>
internal sealed class ConfigGetCommand : SettingCommand
{
    private readonly Argument<string> _name = NameArgument();

    public ConfigGetCommand(ShellContext context)
        : base("get", "Write the value of an option; exit code 1 where it is not said", context) => Add(_name);

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var name = Known(parse.GetRequiredValue(_name));
        if (SettingsView.Rows(Load(parse)).Find(row => row.Name == name) is not { } found)
        {
            throw LlmosException.NotFound($"{name} is not said anywhere: its default holds. llmos config set {name} VALUE says it.");
        }

        Context.Console.Out.WriteLine(found.Value);
        return Task.FromResult(ExitCodes.Success);
    }
}
