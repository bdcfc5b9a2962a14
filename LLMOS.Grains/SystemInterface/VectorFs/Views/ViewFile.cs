namespace LLMOS.SystemInterface.VectorFs.Views;

/// <summary>A file of a view, as it is now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its content.</param>
internal sealed record ViewFile(string Name, string Text)
{
    /// <summary>The principal that what it shows belongs to; empty for the system.</summary>
    public string Owner { get; init; } = "";

    public long Version { get; init; } = 1;

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ModifiedAt { get; init; }
}
