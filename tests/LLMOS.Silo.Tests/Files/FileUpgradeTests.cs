using System.Runtime.InteropServices;
using LLMOS.Cognition.Embeddings;
using LLMOS.Silo.Files;
using LLMOS.Silo.Storage;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Tests.Files;

/// <summary>Files that a release without links has written.</summary>
public sealed class FileUpgradeTests
{
    // The version of the tables before files had several names.
    private const int WithoutLinks = 6;

    [Fact]
    public async Task They_are_files_of_one_name_that_are_found_linked_and_removed()
    {
        using var folder = new TempFolder();
        var space = new HashingEmbedder();
        using (var session = SqliteSession.Open(Path.Combine(folder.Path, "llmos.db"), readOnly: false, TimeSpan.FromSeconds(5)))
        {
            SqliteSchema.Bring(session, folder.Path, WithoutLinks);
            session.Execute("""
                INSERT INTO file_node (id, parent, name, kind, owner, shared, version, length, created, modified) VALUES (2, 1, 'a', 0, 'kernel', 0, 0, 0, 1, 1), (3, 2, 'old.md', 1, 'alice', 0, 1, 14, 1, 1);
                INSERT INTO file_version VALUES (3, 1, 1, 'alice', 'written', 14, 'knead the loaf');
                """);
            foreach (var (node, parent, line, text) in new[] { (2, 1, 0, "a"), (3, 2, 0, "old md"), (3, 2, 1, "knead the loaf") })
            {
                session.Statement("INSERT INTO file_chunk (node, parent, line, text, vector, at) VALUES (?, ?, ?, ?, ?, 1)")
                    .Bind(node).Bind(parent).Bind(line).Bind(text).Bind(MemoryMarshal.AsBytes<float>(space.Embed(text))).Run();
                session.Statement("INSERT INTO file_words (rowid, text) VALUES (last_insert_rowid(), ?)").Bind(text).Run();
            }
        }

        using var store = SqliteStore.Open(folder.Path);
        var files = new SqliteFileStore(store, space, TimeProvider.System);
        var author = new FileAuthor("alice", "alice", IsAdministrator: false);
        var file = files.Find("/a/old.md")!;
        Assert.Equal((1L, 1, "alice", ""), (file.Version, file.Links, file.Owner, file.Target));
        var linked = await files.LinkAsync("/a/old.md", "/new.md", new FileChunk(0, "new md", space.Embed("new md")), author);
        Assert.Equal((2, file.Inode), (linked.Links, linked.Inode));
        await files.WriteAsync(new FileChange("/new.md", "bake the loaf", [new FileChunk(0, "new md", space.Embed("new md")), new FileChunk(1, "bake the loaf", space.Embed("bake the loaf"))], 1, author, "written"));
        Assert.Equal(["knead the loaf", "bake the loaf"], files.History("/a/old.md").Select(version => files.Read("/a/old.md", version.Version)));

        var ids = new List<long>();
        files.ReadAfter(0, 0, 1, (id, _, _) => ids.Add(id));
        Assert.Equal(
            ["/a", "/a/old.md bake the loaf", "/a/old.md old md", "/new.md bake the loaf", "/new.md new md"],
            files.Chunks(ids).Select(chunk => chunk.Kind == NodeKind.Directory ? chunk.Path : $"{chunk.Path} {chunk.Text}").Order(StringComparer.Ordinal));
        Assert.Equal(2, files.FindWords(["bake"], 10).Count);
        Assert.Empty(files.FindWords(["knead"], 10));
        Assert.Equal("/a/old.md", Assert.Single(files.FindAsOf(space.Embed("knead the loaf"), new DateTimeOffset(2, TimeSpan.Zero), 1)).Chunk.Path);
        Assert.Equal(2, await files.RemoveAsync("/a", recursive: true, author with { IsAdministrator = true }));
        Assert.Equal(("bake the loaf", 1), (files.Read("/new.md", null), files.Find("/new.md")!.Links));
    }
}
