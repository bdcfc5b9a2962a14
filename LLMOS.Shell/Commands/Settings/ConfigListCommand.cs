using System.CommandLine;
using LLMOS.Shell.Configuration;
using LLMOS.Shell.Output;
using LLMOS.Silo;

namespace LLMOS.Shell.Commands.Settings;

/// <summary><c>config list</c>: the options that are said anywhere, with their sources.</summary>
internal sealed class ConfigListCommand : SettingCommand
{
    private readonly Option<bool> _all = new("--all", "-a") { Description = "Those too that nobody has said; * stands for a name of your own" };
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public ConfigListCommand(ShellContext context)
        : base("list", "List the options that are said, and where", context)
    {
        Add(_all);
        Add(_format);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var rows = SettingsView.Rows(Load(parse));
        if (parse.GetValue(_all))
        {
            rows = [.. rows, .. SiloConfigurationKeys.All.Where(name => rows.TrueForAll(row => row.Name != name)).Select(name => new SettingRow(name, "", "default"))];
        }

        if (parse.GetValue(_format) is not OutputFormat.Table and var format)
        {
            Context.Console.Out.WriteLine(Structured.Write(format, rows, JsonRows.Readable.ListSettingRow));
            return Task.FromResult(ExitCodes.Success);
        }

        var table = new TextTable().Column("NAME").Column("VALUE").Column("SOURCE");
        foreach (var row in rows)
        {
            table.Row(row.Name, row.Value, row.Source);
        }

        table.WriteTo(Context.Console);
        if (!parse.GetValue(Context.Global.Quiet))
        {
            Context.Console.WriteProgress($"The file is {FileOf(parse).Path}; a silo reads it when it starts.");
        }

        return Task.FromResult(ExitCodes.Success);
    }
}
