using LLMOS.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace LLMOS.Silo.Tests.Storage;

public sealed class SqliteGrainStorageTests : IDisposable
{
    private static readonly GrainId Grain = GrainId.Create("note", "1");

    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private SqliteStore _store;

    public SqliteGrainStorageTests() => _store = SqliteStore.Open(_folder.Path);

    public void Dispose()
    {
        _store.Dispose();
        _services.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_state_is_there_after_a_reopen()
    {
        var written = new GrainState<Note> { State = new Note { Text = "tea", Pages = [1, 2, 3] } };
        await Storage().WriteStateAsync("state", Grain, written);
        Assert.True(written.RecordExists);
        Assert.NotNull(written.ETag);

        _store.Dispose();
        _store = SqliteStore.Open(_folder.Path);
        var read = await ReadAsync();
        Assert.Equal("tea", read.State!.Text);
        Assert.Equal([1, 2, 3], read.State!.Pages);
        Assert.Equal(written.ETag, read.ETag);
    }

    [Fact]
    public async Task A_state_that_is_not_there_is_new()
    {
        var read = await ReadAsync();
        Assert.False(read.RecordExists);
        Assert.Null(read.ETag);
        Assert.Equal("", read.State!.Text);
    }

    [Fact]
    public async Task States_of_a_grain_are_apart()
    {
        await WriteAsync(new GrainState<Note> { State = new Note { Text = "one" } }, "a");
        await WriteAsync(new GrainState<Note> { State = new Note { Text = "two" } }, "b");
        Assert.Equal("one", (await ReadAsync("a")).State!.Text);
        Assert.Equal("two", (await ReadAsync("b")).State!.Text);
    }

    [Fact]
    public async Task A_stale_writer_is_refused_and_told_both_versions()
    {
        var first = new GrainState<Note> { State = new Note { Text = "one" } };
        await WriteAsync(first);
        var stale = await ReadAsync();
        first.State!.Text = "two";
        await WriteAsync(first);

        stale.State!.Text = "three";
        var exception = await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(stale));
        Assert.Equal(first.ETag, exception.StoredEtag);
        Assert.Equal(stale.ETag, exception.CurrentEtag);
        Assert.Equal("two", (await ReadAsync()).State!.Text);
    }

    [Fact]
    public async Task Of_many_first_writers_one_wins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                await WriteAsync(new GrainState<Note> { State = new Note { Text = $"{i}" } });
                return true;
            }
            catch (InconsistentStateException)
            {
                return false;
            }
        }));
        Assert.Single(outcomes, won => won);
    }

    [Fact]
    public async Task Clearing_forgets_the_state_and_its_version()
    {
        var state = new GrainState<Note> { State = new Note { Text = "one" } };
        await WriteAsync(state);
        var old = await ReadAsync();

        await Storage().ClearStateAsync("state", Grain, state);
        Assert.False(state.RecordExists);
        Assert.Null(state.ETag);
        Assert.Equal("", state.State!.Text);
        Assert.False((await ReadAsync()).RecordExists);

        // Who knew the state before it was cleared neither revives it nor overwrites the one that came after.
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(old));
        await WriteAsync(state);
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(old));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage().ClearStateAsync("state", Grain, old));
    }

    [Fact]
    public async Task Clearing_what_was_never_there_changes_nothing()
    {
        var state = new GrainState<Note> { State = new Note() };
        await Storage().ClearStateAsync("state", Grain, state);
        Assert.False(state.RecordExists);
    }

    [Fact]
    public async Task A_state_that_cannot_be_read_is_named()
    {
        await WriteAsync(new GrainState<Note> { State = new Note { Text = "one" } });
        await _store.WriteAsync(session => session.Statement("UPDATE grain_state SET data = x'ff00ff00ff'").Run());
        var exception = await Assert.ThrowsAsync<LlmosException>(() => ReadAsync());
        Assert.Contains("'state' of grain 'note/1'", exception.Message, StringComparison.Ordinal);
    }

    private SqliteGrainStorage Storage() => ActivatorUtilities.CreateInstance<SqliteGrainStorage>(_services, _store);

    private Task WriteAsync(GrainState<Note> state, string name = "state") => Storage().WriteStateAsync(name, Grain, state);

    private async Task<GrainState<Note>> ReadAsync(string name = "state")
    {
        var state = new GrainState<Note>();
        await Storage().ReadStateAsync(name, Grain, state);
        return state;
    }
}
