namespace ModelForge.Training.Gpu;

/// <summary>Neighbouring rows of one document.</summary>
/// <param name="Row">The first.</param>
/// <param name="Count">How many.</param>
/// <param name="First">The document's first row.</param>
/// <param name="End">Behind the document's last row.</param>
internal readonly record struct RowBlock(int Row, int Count, int First, int End);
