using LLMOS.Inference.Interop;

namespace LLMOS.Inference.Tests.Interop;

public sealed class LibraryFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmos-lib-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_configured_folder_wins_over_the_environment_and_the_program()
    {
        var other = Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName;
        Assert.Equal(_folder, LlamaLibraryFolder.Find(_folder + Path.DirectorySeparatorChar, other, AppContext.BaseDirectory));
        Assert.Equal(other, LlamaLibraryFolder.Find(null, other, AppContext.BaseDirectory));
    }

    [Fact]
    public void Without_either_the_libraries_beside_the_program_are_used()
    {
        var folder = LlamaLibraryFolder.Find(null, null, AppContext.BaseDirectory);
        Assert.StartsWith(Path.Combine(AppContext.BaseDirectory, "runtimes", "llama"), folder, StringComparison.Ordinal);
        Assert.Equal(folder, LlamaLibrary.Open(folder).Folder);
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_named_with_who_named_it()
    {
        var missing = Path.Combine(_folder, "gone");
        Refused(LlamaError.LibraryMissing, () => LlamaLibraryFolder.Find(missing, null, _folder), missing, "does not exist");
        Refused(LlamaError.LibraryMissing, () => LlamaLibraryFolder.Find(null, missing, _folder), missing, LlamaRuntime.LibraryVariable);
        Refused(LlamaError.LibraryMissing, () => LlamaLibraryFolder.Find(null, null, _folder), _folder, "npm");
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Refused(LlamaError.LibraryMissing, () => LlamaLibraryFolder.Find(file, null, _folder), file, "is a file");
    }

    [Fact]
    public void A_folder_without_a_llama_library_is_refused() =>
        Refused(LlamaError.LibraryMissing, () => LlamaLibrary.Open(_folder), _folder, "libllama", "v0.5.0");

    [Fact]
    public void A_library_named_after_another_release_is_refused_before_it_is_loaded()
    {
        File.WriteAllText(Path.Combine(_folder, Named("llama.v0.4.0")), "not a library");
        Refused(LlamaError.LibraryRelease, () => LlamaLibrary.Open(_folder), Named("llama.v0.4.0"), "v0.4.0", "v0.5.0");
    }

    [Theory]
    [InlineData("0.4.0")]
    [InlineData("0.6.0-dev")]
    [InlineData("0.5.1")]
    [InlineData("")]
    [InlineData(null)]
    public void Another_release_is_refused(string? version) =>
        Refused(LlamaError.LibraryRelease, () => LlamaLibrary.CheckRelease(version, "libllama.so"), "libllama.so", "v0.5.0");

    [Fact]
    public void A_library_that_does_not_tell_its_version_is_refused()
    {
        // ggml-base is a real library that loads and has no llama_version.
        var real = LlamaLibraryFolder.Find(null, null, AppContext.BaseDirectory);
        File.Copy(Path.Combine(real, Named("ggml-base")), Path.Combine(_folder, Named("ggml-base")));
        File.Copy(Path.Combine(real, Named("ggml-base")), Path.Combine(_folder, Named("ggml")));
        File.Copy(Path.Combine(real, Named("ggml-base")), Path.Combine(_folder, Named("llama")));
        Refused(LlamaError.LibraryRelease, () => LlamaLibrary.Open(_folder), "does not tell its version", "v0.5.0");
    }

    [Fact]
    public void A_damaged_or_incomplete_folder_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder, Named("llama.v0.5.0")), "not a library");
        Refused(LlamaError.LibraryMissing, () => LlamaLibrary.Open(_folder), Named("ggml-base"), "missing");
        File.WriteAllText(Path.Combine(_folder, Named("ggml-base")), "not a library");
        Refused(LlamaError.LibraryMissing, () => LlamaLibrary.Open(_folder), Named("ggml-base"), "does not load");
    }

    [Fact]
    public void A_second_folder_in_one_process_is_refused()
    {
        LlamaRuntime.EnsureLoaded();
        Refused(LlamaError.LibraryMissing, () => LlamaRuntime.EnsureLoaded(new LlamaRuntimeOptions { LibraryPath = _folder }), _folder, LlamaRuntime.LibraryPath!);
        LlamaRuntime.EnsureLoaded(new LlamaRuntimeOptions { LibraryPath = LlamaRuntime.LibraryPath });
    }

    private static string Named(string name) =>
        OperatingSystem.IsWindows() ? name + ".dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    private static void Refused(LlamaError error, Action action, params string[] parts) => Sentences.Refused(error, action, parts);
}
