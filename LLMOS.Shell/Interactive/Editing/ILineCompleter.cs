namespace LLMOS.Shell.Interactive.Editing;

/// <summary>Knows how a line can go on.</summary>
internal interface ILineCompleter
{
    /// <param name="text">What is written up to the cursor.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<LineCompletion> CompleteAsync(string text, CancellationToken cancellationToken);
}
