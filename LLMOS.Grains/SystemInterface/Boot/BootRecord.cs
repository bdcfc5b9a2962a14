namespace LLMOS.SystemInterface.Boot;

/// <summary>What is stored of the boots of a system.</summary>
[GenerateSerializer, Alias("llmos.boot-record")]
public sealed class BootRecord
{
    /// <summary>The identity of the vector space that the stored vectors lie in; empty before the first boot.</summary>
    [Id(0)] public string VectorSpace { get; set; } = "";

    /// <summary>How often the system was booted.</summary>
    [Id(1)] public int Boots { get; set; }
}
