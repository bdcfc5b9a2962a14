using System.CommandLine;
using LLMOS.Shell.Output;
using LLMOS.Simulator;

namespace LLMOS.Shell.Commands;

/// <summary><c>simulate</c>: runs a trace of requests through the step planner on simulated devices. It starts no silo.</summary>
internal sealed class SimulateCommand : ShellCommand
{
    private readonly SimulatorOptions _options = new();
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public SimulateCommand(ShellContext context)
        : base("simulate", "Run a trace of requests through the step planner on simulated devices", context)
    {
        _options.AddTo(this);
        Add(_format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var progress = parse.GetValue(Context.Global.Quiet) ? TextWriter.Null : Context.Console.Error;
        try
        {
            var figures = await Task.Run(() => SimulatorCommandLine.Simulate(_options, parse, progress, cancellationToken), CancellationToken.None);
            if (parse.GetValue(_format) is not OutputFormat.Table and var format)
            {
                await Context.Console.Out.WriteLineAsync(Structured.Text(format, figures.ToJson()));
            }
            else
            {
                figures.WriteTo(Context.Console.Out);
            }

            return ExitCodes.Success;
        }
        catch (SimulatorException wrong)
        {
            throw new UsageException(wrong.Message);
        }
    }
}
