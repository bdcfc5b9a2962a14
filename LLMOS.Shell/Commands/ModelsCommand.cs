using System.CommandLine;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>models</c>: lists the models of this machine and of the configuration. It starts no silo.</summary>
internal sealed class ModelsCommand : ShellCommand
{
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public ModelsCommand(ShellContext context)
        : base("models", "List the models on this machine and whether they load", context) => Add(_format);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var options = new SessionOptions { Data = parse.GetValue(Context.Global.Data) };
        var rows = await Task.Run(() => Rows(options), cancellationToken).WaitAsync(cancellationToken);
        if (parse.GetValue(_format) != OutputFormat.Table)
        {
            await Context.Console.Out.WriteLineAsync(Structured.Write(parse.GetValue(_format), rows, JsonRows.Readable.ListModelRow));
            return ExitCodes.Success;
        }

        var table = new TextTable().Column("NAME").Column("SOURCE").Column("SIZE", right: true).Column("ARCHITECTURE").Column("CONTEXT", right: true)
            .Column("QUANTIZATION").Column("LOADS");
        foreach (var row in rows)
        {
            table.Row(
                row.Name,
                row.Source,
                row.SizeBytes > 0 ? Figures.Size(row.SizeBytes) : "",
                row.Architecture ?? "",
                row.ContextLength is { } context ? Figures.Count(context) : "",
                row.Quantization ?? "",
                row.Loads ? "yes" : $"no: {row.Defect}");
        }

        table.WriteTo(Context.Console);
        return ExitCodes.Success;
    }

    private static List<ModelRow> Rows(SessionOptions options)
    {
        var models = SiloSettings.Read(options).Models;
        var here = new ModelChoice(models).List().Select(model => new ModelRow(
            model.Name, model.Source.ToString(), model.Path, model.SizeBytes, model.Architecture, model.Quantization, model.ContextLength, model.Loads, model.Defect));
        var elsewhere = models.Remote.Select(remote => new ModelRow(
            remote.Key, "Remote", remote.Value.Endpoint.ToString(), 0, "remote", null, remote.Value.ContextLength, true, null));
        return [.. here, .. elsewhere];
    }
}
