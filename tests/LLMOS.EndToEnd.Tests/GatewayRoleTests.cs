using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.Tests;

/// <summary>Applications that a silo lets in as less than an administrator.</summary>
public sealed class GatewayRoleTests
{
    [Theory]
    [InlineData(CallerRole.Operator)]
    [InlineData(CallerRole.User)]
    [InlineData(CallerRole.Guest)]
    public async Task An_application_connects_in_every_role_and_may_what_the_role_may(CallerRole role)
    {
        using var folder = new TemporaryFolder();
        var silo = new SiloProcess(folder.Path, "--threads", "1") { Environment = { ["LLMOS_Security__GatewayRole"] = role.ToString() } };
        using var child = await silo.StartAsync();
        await using var application = await silo.ConnectAsync();
        var llmos = application.Client;
        Assert.NotEmpty(await llmos.ListProcessesAsync(new ProcessFilter()));
        var spec = new ProcessSpec { Name = "talker", Role = "You talk.", MaxTokensPerTurn = 8 };
        if (role == CallerRole.Guest)
        {
            Assert.Equal(LlmosErrorCode.PermissionDenied, (await Assert.ThrowsAsync<LlmosException>(() => llmos.SpawnAsync(spec))).Code);
            return;
        }

        var process = await llmos.SpawnAsync(spec);
        Assert.Null(VmpHeaders.ErrorOf(await llmos.AskAsync(process.Pid, "Hello.", cancellationToken: TestContext.Current.CancellationToken)));
        Assert.Equal(LlmosErrorCode.PermissionDenied, (await Assert.ThrowsAsync<LlmosException>(() => llmos.VerifyAuditAsync())).Code);
    }
}
