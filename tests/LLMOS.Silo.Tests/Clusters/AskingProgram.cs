using System.Globalization;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Silo.Tests.Clusters;

/// <summary>Handles "PID PID … text": asks the first of them the rest and answers what it heard; what begins with no PID it says again.</summary>
internal sealed class AskingProgram : IProcessProgram
{
    public const string ProgramName = "asking";

    public string Name => ProgramName;

    public async Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        var text = turn.Message.Payload;
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0 && long.TryParse(text[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
        {
            text = (await turn.AskAsync(pid, text[(space + 1)..], timeout: null, cancellationToken)).Payload;
        }

        return new TurnOutcome { Outgoing = [Responses.To(turn.Message, text)] };
    }
}
