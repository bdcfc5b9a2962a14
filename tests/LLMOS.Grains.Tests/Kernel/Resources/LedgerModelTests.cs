using CsCheck;

namespace LLMOS.Tests.Kernel.Resources;

/// <summary>The ledger against plain sums, with any interleaving of turns, words that are late, and crashes at any step of a call.</summary>
public sealed class LedgerModelTests
{
    private static readonly Gen<(int Operation, int Who, int Amount, int CrashAfter)> Operation =
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 30], Gen.Int[0, 200], Gen.Frequency((6, Gen.Const(-1)), (1, Gen.Int[0, 12])));

    [Fact]
    public void No_token_is_spent_twice_or_lost_and_no_limit_is_passed() => Gen.Select(
        Gen.OneOf(Gen.Const(0L), Gen.Long[20, 400]).Array[1, 5],
        Gen.Int[0, 10].Array[1, 6],
        Operation.Array[0, 120]).Sample((limits, accountOf, operations) =>
    {
        var model = new LedgerModel(limits, accountOf);
        foreach (var (operation, who, amount, crashAfter) in operations)
        {
            model.Do(operation, who, amount, crashAfter);
        }

        model.Settle();
    }, iter: 20_000);
}
