namespace LLMOS.Inference.Discovery;

/// <summary>Who chose a model.</summary>
public enum ModelOrigin
{
    /// <summary>The caller: <c>--model</c>, or a process's own model.</summary>
    Requested,

    /// <summary>The environment variable LLMOS_MODEL.</summary>
    Environment,

    /// <summary>The configured name "default".</summary>
    Configured,

    /// <summary>Nobody: it is the embedded model.</summary>
    Embedded,
}
