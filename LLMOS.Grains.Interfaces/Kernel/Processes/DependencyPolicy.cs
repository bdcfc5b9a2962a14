namespace LLMOS.Kernel.Processes;

/// <summary>What becomes of a process when one that it waits for does not end well.</summary>
[GenerateSerializer, Alias("llmos.dependency-policy")]
public enum DependencyPolicy
{
    /// <summary>It ends too, as a fault that names the other.</summary>
    Fail,

    /// <summary>It starts as if the other had ended well.</summary>
    Ignore,

    /// <summary>It stays BLOCKED until somebody resumes it.</summary>
    Wait,
}
