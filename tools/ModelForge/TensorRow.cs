namespace ModelForge;

/// <summary>Gives the values of one row of a tensor; must depend on nothing but <paramref name="row"/>.</summary>
public delegate void TensorRow(long row, Span<float> values);
