namespace LLMOS.SystemInterface.Boot;

/// <summary>The four stages of boot, in order.</summary>
[GenerateSerializer, Alias("llmos.boot-stage")]
public enum BootStage
{
    Kernel = 1,
    Services = 2,
    Agents = 3,
    ShellReady = 4,
}
