namespace ModelForge.Training.Gpu;

/// <summary>How a parameter is moved.</summary>
internal enum ParameterKind : byte
{
    /// <summary>By AdamW, without decay: norms.</summary>
    Plain,

    /// <summary>By AdamW, with decay.</summary>
    Decayed,

    /// <summary>By Muon.</summary>
    Muon,
}
