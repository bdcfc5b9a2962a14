namespace LLMOS.Kernel.Processes;

/// <summary>The programs that processes of this silo can run.</summary>
public sealed class ProgramCatalog
{
    private readonly Dictionary<string, IProcessProgram> _programs;

    public ProgramCatalog(IEnumerable<IProcessProgram> programs)
    {
        _programs = programs.ToDictionary(program => program.Name, StringComparer.Ordinal);
        Names = [.. _programs.Keys];
    }

    public IReadOnlyCollection<string> Names { get; }

    public IProcessProgram Get(string name) => _programs.TryGetValue(name, out var program)
        ? program
        : throw LlmosException.NotFound($"There is no program '{name}' here: this silo has {string.Join(", ", Names.Order())}.");
}
