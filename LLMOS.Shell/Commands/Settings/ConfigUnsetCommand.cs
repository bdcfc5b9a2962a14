using System.CommandLine;

namespace LLMOS.Shell.Commands.Settings;

/// <summary><c>config unset</c>: takes an option out of the file.</summary>
internal sealed class ConfigUnsetCommand : SettingCommand
{
    private readonly Argument<string> _name = NameArgument();

    public ConfigUnsetCommand(ShellContext context)
        : base("unset", "Take an option out of llmos.json", context) => Add(_name);

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var name = Known(parse.GetRequiredValue(_name));
        var file = FileOf(parse);
        return file.Unset(name)
            ? Task.FromResult(ExitCodes.Success)
            : throw LlmosException.NotFound($"{name} is not in {file.Path}: llmos config list says where it comes from.");
    }
}
