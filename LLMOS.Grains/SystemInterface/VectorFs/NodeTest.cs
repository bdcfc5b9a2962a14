namespace LLMOS.SystemInterface.VectorFs;

/// <summary>Whether something in the tree is what a filter wants.</summary>
internal sealed class NodeTest
{
    private readonly FileFilter _filter;
    private readonly NamePattern? _name;
    private readonly NamePattern? _nameOfAnyCase;
    private readonly string? _owner;

    /// <param name="filter">What is wanted.</param>
    /// <param name="owner">The principal that the filter's owner stands for; null for none.</param>
    /// <exception cref="LlmosException">The filter wants what cannot be.</exception>
    public NodeTest(FileFilter filter, string? owner)
    {
        _filter = filter;
        _owner = owner;
        _name = filter.Name is { } name ? NamePattern.Parse(name) : null;
        _nameOfAnyCase = filter.NameOfAnyCase is { } anyCase ? NamePattern.Parse(anyCase, anyCase: true) : null;
        if (filter.MinLength is < 0 || filter.MaxLength is < 0)
        {
            throw LlmosException.InvalidArgument($"A file has no {Math.Min(filter.MinLength ?? 0, filter.MaxLength ?? 0)} bytes: use 0 or more.");
        }

        if (filter.MinLength > filter.MaxLength)
        {
            throw LlmosException.InvalidArgument($"No file has at least {filter.MinLength} bytes and at most {filter.MaxLength}: let the first be the smaller one.");
        }

        if (filter.NewerThan >= filter.OlderThan)
        {
            throw LlmosException.InvalidArgument($"Nothing is newer than {filter.NewerThan:O} and older than {filter.OlderThan:O}: let the first be the earlier one.");
        }

        if (filter.Depth is < 0)
        {
            throw LlmosException.InvalidArgument($"A depth of {filter.Depth} is none: use 0 for the path itself, 1 for what is in it, and so on.");
        }

        if (filter.Kind is { } kind && !Enum.IsDefined(kind))
        {
            throw LlmosException.InvalidArgument($"'{kind}' is no kind of thing in VectorFS: use file, directory or link.");
        }
    }

    public bool IsWanted(FileNode node) =>
        (_filter.Kind is not { } kind || node.Kind == kind)
        && IsOfLength(node)
        && (_filter.NewerThan is not { } newer || node.ModifiedAt > newer)
        && (_filter.OlderThan is not { } older || node.ModifiedAt < older)
        && (_filter.Owner is null || node.Owner == _filter.Owner || node.Owner == _owner)
        && (_name is null || _name.IsMatch(NameOf(node)))
        && (_nameOfAnyCase is null || _nameOfAnyCase.IsMatch(NameOf(node)));

    /// <summary>How long a directory or a link is, says nothing to anybody.</summary>
    private bool IsOfLength(FileNode node) => (_filter.MinLength is null && _filter.MaxLength is null)
        || (node.Kind == NodeKind.File && node.Length >= (_filter.MinLength ?? 0) && node.Length <= (_filter.MaxLength ?? long.MaxValue));

    private static string NameOf(FileNode node) => node.Path == VfsPath.Root ? VfsPath.Root : VfsPath.NameOf(node.Path);
}
