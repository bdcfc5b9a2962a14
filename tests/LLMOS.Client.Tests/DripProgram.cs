using System.Globalization;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Client.Tests;

/// <summary>Says numbers, one after the other and not too fast, and answers with all of them.</summary>
internal sealed class DripProgram : IProcessProgram
{
    public const string ProgramName = "drip";
    public const int Pieces = 400;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    /// <summary>All that it says.</summary>
    public static string Whole { get; } = string.Concat(Enumerable.Range(0, Pieces).Select(Piece));

    public string Name => ProgramName;

    public async Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        using var clock = new PeriodicTimer(Pause);
        for (var i = 0; i < Pieces; i++)
        {
            await clock.WaitForNextTickAsync(cancellationToken);
            turn.Show(Piece(i), 1);
        }

        return new TurnOutcome { Outgoing = [Responses.To(turn.Message, Whole)] };
    }

    private static string Piece(int number) => number.ToString(CultureInfo.InvariantCulture) + " ";
}
