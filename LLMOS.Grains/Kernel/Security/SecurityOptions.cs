namespace LLMOS.Kernel.Security;

/// <summary>Who the doors of a silo let in as what.</summary>
public sealed class SecurityOptions
{
    /// <summary>The most that a client may be that comes through the gateway. The gateway listens on loopback, where everyone is the machine's user.</summary>
    public CallerRole GatewayRole { get; set; } = CallerRole.Admin;

    /// <summary>The principal of a client that comes through the gateway and is no administrator.</summary>
    public string GatewayPrincipal { get; set; } = "gateway";

    /// <summary>The principal of the program that the silo runs in.</summary>
    public string LocalPrincipal { get; set; } = "local";
}
