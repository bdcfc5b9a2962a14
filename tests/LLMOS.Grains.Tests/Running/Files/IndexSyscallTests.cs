using System.Text.Json;
using LLMOS.Cognition.Embeddings;
using LLMOS.SystemInterface.Syscalls;
using LLMOS.SystemInterface.VectorFs;
using LLMOS.Tests.Running.Security;

namespace LLMOS.Tests.Running.Files;

/// <summary>The syscall <c>index</c>: files of VectorFS become records of a collection.</summary>
public sealed class IndexSyscallTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly RunningSystem _system = fixture.System;

    private IVectorFsGrain Files => _system.Grains.GetGrain<IVectorFsGrain>(0);

    private IEmbeddingStoreGrain Store => _system.Grains.GetGrain<IEmbeddingStoreGrain>(0);

    [Fact]
    public async Task A_directory_is_a_collection_that_is_brought_up_to_it_each_time()
    {
        await Files.MakeDirectoryAsync("/apps/My Notes/deep");
        await Files.WriteAsync("/apps/My Notes/bread.md", "# Bread\n\nKnead the dough and bake it.\n\n# Soup\n\nBoil carrots and leek.");
        await Files.WriteAsync("/apps/My Notes/deep/Program.cs", $"class Parser\n{{\n}}\n\n{string.Concat(Enumerable.Repeat("// filler line of a comment\n", 40))}\nclass Emitter\n{{\n    int Serialize() => 2;\n}}\n");
        await Files.LinkAsync("/apps/My Notes/bread.md", "/apps/My Notes/deep/again.md");
        await Files.LinkSymbolicallyAsync("..", "/apps/My Notes/deep/circle");

        Assert.Matches(@"^apps/My-Notes: 2 indexed \([4-9] pieces\), 0 unchanged, 0 removed$", await IndexAsync("/apps/My Notes"));
        Assert.StartsWith("class Emitter", await FindAsync("Emitter serialize"), StringComparison.Ordinal);
        Assert.StartsWith("# Soup", await FindAsync("carrots and leek"), StringComparison.Ordinal);
        Assert.Equal("apps/My-Notes: 0 indexed (0 pieces), 2 unchanged, 0 removed", await IndexAsync("/apps/My Notes"));

        await Files.WriteAsync("/apps/My Notes/bread.md", "# Bread\n\nOnly rye now.");
        await Files.RemoveAsync("/apps/My Notes/deep/Program.cs");
        Assert.Equal("apps/My-Notes: 1 indexed (1 pieces), 0 unchanged, 1 removed", await IndexAsync("/apps/My Notes"));
        Assert.Equal("# Bread\n\nOnly rye now.", Assert.Single(await Store.ScanAsync("apps/My-Notes")).Text);
    }

    [Fact]
    public async Task A_file_and_a_view_are_indexed_and_what_is_not_there_or_of_others_is_refused()
    {
        await Files.WriteAsync("/apps/alone.md", "One text.");
        Assert.Equal("apps/alone.md: 1 indexed (1 pieces), 0 unchanged, 0 removed", await IndexAsync("/apps/alone.md"));
        Assert.Matches(@"^tools: \d\d indexed \(\d\d pieces\), 0 unchanged, 0 removed$", await IndexAsync("/tools"));
        var missing = await Assert.ThrowsAsync<LlmosException>(() => IndexAsync("/apps/nowhere"));
        Assert.Equal((LlmosErrorCode.NotFound, "index", "path"), (missing.Code, missing.Syscall, missing.Argument));
        await Files.WriteAsync("/apps/alone.md", "Another text.");
        await Speaking.As(Speaking.User, () => Speaking.DeniedAsync(() => IndexAsync("/apps/alone.md")));
        await Speaking.As(Speaking.Guest, () => Speaking.DeniedAsync(() => IndexAsync("/apps/alone.md")));
        await Speaking.As(Speaking.User, async () => Assert.StartsWith("models: ", await IndexAsync("/models"), StringComparison.Ordinal));
        Assert.Equal("ursula", (await Store.FindAsync("models"))!.Owner);
    }

    private async Task<string> IndexAsync(string path) => ((TextResult)await _system.CallAsync("index", JsonSerializer.Serialize(new { path }))).Text;

    private async Task<string> FindAsync(string text) => (await Store.SearchAsync("apps/My-Notes", new EmbeddingQuery { Text = text, Words = text }))[0].Record.Text;
}
