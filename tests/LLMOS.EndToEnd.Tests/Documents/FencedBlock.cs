namespace LLMOS.Tests.Documents;

/// <summary>A fenced block of a document.</summary>
/// <param name="Document">The document's path in the repository.</param>
/// <param name="Line">The line of its opening fence.</param>
/// <param name="Info">What stands behind the opening fence.</param>
/// <param name="Text">What is in it.</param>
internal sealed record FencedBlock(string Document, int Line, string Info, string Text)
{
    private const string Fence = "```";

    public static IReadOnlyList<FencedBlock> Read(string document)
    {
        var blocks = new List<FencedBlock>();
        var lines = File.ReadAllLines(Repository.File(document.Split('/')));
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                continue;
            }

            var end = Array.IndexOf(lines, Fence, i + 1);
            Assert.True(end > 0, $"{document}:{i + 1}: the block has no end.");
            blocks.Add(new FencedBlock(document, i + 1, lines[i][Fence.Length..].Trim(), string.Join('\n', lines[(i + 1)..end])));
            i = end;
        }

        return blocks;
    }
}
