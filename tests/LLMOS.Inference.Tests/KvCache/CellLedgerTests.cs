using CsCheck;
using LLMOS.Inference.KvCache;

namespace LLMOS.Inference.Tests.KvCache;

public sealed class CellLedgerTests
{
    private static readonly Gen<(int Operation, int First, int Second, int Count)[]> Operations =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 20]).Array[1, 80];

    /// <summary>Held against a model in which each cell is an object of its own.</summary>
    [Fact]
    public void It_counts_what_counting_cell_by_cell_counts() => Operations.Sample(operations =>
    {
        var ledger = new CellLedger();
        var holders = Enumerable.Range(0, 6).Select(_ => ledger.Open()).ToArray();
        var cells = holders.Select(_ => new List<object>()).ToArray();
        foreach (var (operation, first, second, count) in operations)
        {
            switch (operation)
            {
                case 0:
                    ledger.Append(holders[first], count);
                    cells[first].AddRange(Enumerable.Range(0, count).Select(_ => new object()));
                    break;
                case 1:
                    ledger.Cut(holders[first], count);
                    if (count < cells[first].Count)
                        cells[first].RemoveRange(count, cells[first].Count - count);
                    break;
                case 2 when first != second && cells[first].Count > cells[second].Count:
                    var until = cells[second].Count + (count % (cells[first].Count - cells[second].Count + 1));
                    ledger.Share(holders[first], holders[second], until);
                    cells[second].AddRange(cells[first][cells[second].Count..until]);
                    break;
                case 3:
                    ledger.Close(holders[first]);
                    holders[first] = ledger.Open();
                    cells[first].Clear();
                    break;
            }
            var references = cells.SelectMany(held => held).GroupBy(cell => cell).ToDictionary(group => group.Key, group => group.Count());
            Assert.Equal(references.Count, ledger.Used);
            for (var i = 0; i < holders.Length; i++)
            {
                Assert.Equal(cells[i].Count, holders[i].Count);
                Assert.Equal(cells[i].Count(cell => references[cell] == 1), holders[i].Own);
            }
        }
    });

    [Fact]
    public void Cells_that_are_not_there_cannot_be_shared()
    {
        var ledger = new CellLedger();
        var (from, to) = (ledger.Open(), ledger.Open());
        ledger.Append(from, 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => ledger.Share(from, to, 11));
        ledger.Share(from, to, 8);
        Assert.Throws<ArgumentOutOfRangeException>(() => ledger.Share(from, to, 7));
    }
}
