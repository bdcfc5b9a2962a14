using LLMOS.Silo.Storage;
using Microsoft.Data.Sqlite;

namespace LLMOS.Silo.Tests.Storage;

public sealed class DataFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_that_another_process_holds_names_it_and_is_free_after_its_death()
    {
        await using var holder = ChildProcess.Start("hold", _folder.Path);
        Assert.Equal("held", await holder.ReadLineAsync());

        var exception = Refused(_folder.Path);
        Assert.Equal(LlmosErrorCode.Unavailable, exception.Code);
        Assert.Equal(
            $"The data folder '{_folder.Path}' is in use by another LLMOS process (PID {holder.Id}). Stop that one, or choose another folder with --data.",
            exception.Message);

        await holder.KillAsync();
        using var store = SqliteStore.Open(_folder.Path);
        Assert.Equal(_folder.Path, store.Folder);
    }

    [Fact]
    public async Task A_second_process_gets_the_sentence_too()
    {
        using var store = SqliteStore.Open(_folder.Path);
        await using var second = ChildProcess.Start("hold", _folder.Path);
        var (exitCode, error) = await second.WaitAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains($"(PID {Environment.ProcessId})", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_made_for_its_owner_alone()
    {
        var path = _folder.File("a/b");
        using (SqliteStore.Open(path))
            Assert.True(File.Exists(Path.Combine(path, "llmos.db")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void A_folder_without_a_name_is_refused(string name) =>
        Assert.Equal(LlmosErrorCode.InvalidArgument, Refused(name).Code);

    [Fact]
    public void A_file_is_not_a_folder()
    {
        var path = _folder.File("file");
        File.WriteAllText(path, "");
        Assert.Equal($"The data folder '{path}' is a file. Choose a folder with --data.", Refused(path).Message);
        // Below a file nothing can be made, not even by root.
        Assert.Contains($"'{Path.Combine(path, "below")}' cannot be created", Refused(Path.Combine(path, "below")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_only_folder_says_so()
    {
        // /sys takes no files from anyone, root included.
        Assert.SkipUnless(Directory.Exists("/sys/kernel"), "This system has no folder that is read-only for root.");
        var exception = Refused("/sys/kernel");
        Assert.Equal(LlmosErrorCode.FailedPrecondition, exception.Code);
        Assert.Contains("'/sys/kernel' cannot be written", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_a_database_is_refused_and_left_alone()
    {
        var text = string.Concat(Enumerable.Repeat("This is a diary.\n", 500));
        File.WriteAllText(_folder.File("llmos.db"), text);

        Assert.Contains("is not an LLMOS database", Refused(_folder.Path).Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(_folder.File("llmos.db")));
        Refused(_folder.Path);
    }

    [Fact]
    public void A_database_of_another_program_is_refused()
    {
        Change("CREATE TABLE diary (day TEXT)");
        Assert.Contains("is a database of another program", Refused(_folder.Path).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_a_newer_version_is_refused()
    {
        SqliteStore.Open(_folder.Path).Dispose();
        Change("PRAGMA user_version = 999");
        var exception = Refused(_folder.Path);
        Assert.Equal(LlmosErrorCode.FailedPrecondition, exception.Code);
        Assert.Contains("version is 999", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_database_is_refused()
    {
        SqliteStore.Open(_folder.Path).Dispose();
        using (var file = File.OpenWrite(_folder.File("llmos.db")))
        {
            file.Position = 100;
            file.Write(Enumerable.Repeat((byte)0xA5, 3000).ToArray());
        }
        Assert.Contains("is damaged", Refused(_folder.Path).Message, StringComparison.Ordinal);
    }

    private static LlmosException Refused(string folder) => Assert.Throws<LlmosException>(() => SqliteStore.Open(folder).Dispose());

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("llmos.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
