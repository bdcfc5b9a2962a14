namespace ModelForge.Training.Gpu;

/// <summary>A micro-batch as the kernels read it: which rows belong together, what is predicted where, which rows have the same token.</summary>
internal sealed class GpuBatch
{
    /// <param name="batch">At least one document.</param>
    /// <param name="vocabulary">Tokens there are.</param>
    /// <param name="queryRows">Rows that one group of attention has the queries of.</param>
    /// <param name="keyRows">Rows that one group of attention has the keys of.</param>
    public GpuBatch(MicroBatch batch, int vocabulary, int queryRows, int keyRows)
    {
        Tokens = new int[batch.Inputs];
        Positions = new int[batch.Inputs];
        TargetRows = [.. batch.LearnedRows];
        Targets = new int[batch.Targets];
        TargetDocuments = new int[batch.Targets];
        List<RowBlock> queries = [];
        List<RowBlock> keys = [];
        var (first, filled) = (0, 0);
        for (var index = 0; index < batch.Documents.Count; index++)
        {
            var document = batch.Documents[index];
            var rows = document.Tokens.Length - 1;
            document.Tokens.AsSpan(0, rows).CopyTo(Tokens.AsSpan(first));
            for (var row = 0; row < rows; row++)
                Positions[first + row] = row;
            foreach (var target in document.Learned.SelectMany(span => Enumerable.Range(span.Start, span.Length)))
                (Targets[filled], TargetDocuments[filled++]) = (document.Tokens[target], index);
            Divide(first, rows, queryRows, queries);
            Divide(first, rows, keyRows, keys);
            first += rows;
        }

        (QueryBlocks, KeyBlocks) = ([.. queries], [.. keys]);
        (DistinctTokens, TokenStarts, TokenRows) = ByToken(Tokens, vocabulary);
    }

    public int[] Tokens { get; }

    /// <summary>The position of each row in its document.</summary>
    public int[] Positions { get; }

    /// <summary>The rows behind which something is predicted.</summary>
    public int[] TargetRows { get; }

    public int[] Targets { get; }

    /// <summary>The document of each target.</summary>
    public int[] TargetDocuments { get; }

    public RowBlock[] QueryBlocks { get; }

    public RowBlock[] KeyBlocks { get; }

    /// <summary>The tokens that occur.</summary>
    public int[] DistinctTokens { get; }

    /// <summary>Where each one's rows begin in <see cref="TokenRows"/>, and where the last one's end.</summary>
    public int[] TokenStarts { get; }

    public int[] TokenRows { get; }

    private static void Divide(int first, int rows, int size, List<RowBlock> blocks)
    {
        for (var row = 0; row < rows; row += size)
            blocks.Add(new RowBlock(first + row, Math.Min(size, rows - row), first, first + rows));
    }

    private static (int[] Distinct, int[] Starts, int[] Rows) ByToken(int[] tokens, int vocabulary)
    {
        var counts = new int[vocabulary];
        foreach (var token in tokens)
            counts[token]++;
        var distinct = Enumerable.Range(0, vocabulary).Where(token => counts[token] > 0).ToArray();
        var starts = new int[distinct.Length + 1];
        var next = new int[vocabulary];
        for (var i = 0; i < distinct.Length; i++)
        {
            next[distinct[i]] = starts[i];
            starts[i + 1] = starts[i] + counts[distinct[i]];
        }

        var rows = new int[tokens.Length];
        for (var row = 0; row < tokens.Length; row++)
            rows[next[tokens[row]]++] = row;
        return (distinct, starts, rows);
    }
}
