using System.Globalization;
using LLMOS.Client;
using LLMOS.Kernel.Processes;
using LLMOS.Shell.Output;

namespace LLMOS.Shell.Attaching;

/// <summary>Writes what a process says, as it says it.</summary>
internal sealed class AttachedOutput(ShellConsole console, LlmosClient client)
{
    private bool _atLineStart = true;

    /// <summary>From what it said lately until it ends.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="cancellationToken">Leaves it; the process goes on.</param>
    /// <exception cref="LlmosException">There is no such process, or it stayed out of reach.</exception>
    public async Task ShowAsync(long pid, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var output in client.WatchAsync(pid, cancellationToken))
            {
                Show(output);
            }
        }
        finally
        {
            EndLine();
        }
    }

    private void Show(ProcessOutput output)
    {
        switch (output.Kind)
        {
            case ProcessOutputKind.Text:
                var text = SafeText.Lines(output.Text);
                if (text.Length > 0)
                {
                    console.Out.Write(text);
                    console.Out.Flush();
                    _atLineStart = text[^1] == '\n';
                }

                break;
            case ProcessOutputKind.TurnStarted:
                EndLine();
                break;
            case ProcessOutputKind.TurnCommitted:
                EndLine();
                Note(string.Create(CultureInfo.InvariantCulture, $"turn ended, {output.Tokens} tokens"));
                break;
            case ProcessOutputKind.TurnRestarted:
                Note("the turn starts anew; what it said of it does not count");
                break;
            default:
                Note(output.Text.Length > 0 ? output.Text : "ended");
                break;
        }
    }

    private void Note(string sentence)
    {
        EndLine();
        console.WriteProgress($"[{SafeText.Line(sentence)}]");
    }

    private void EndLine()
    {
        if (!_atLineStart)
        {
            console.Out.WriteLine();
            _atLineStart = true;
        }
    }
}
