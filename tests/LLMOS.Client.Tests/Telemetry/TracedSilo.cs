using LLMOS.Client.Tests.OpenAi;
using LLMOS.Kernel.Processes;
using LLMOS.Silo;
using LLMOS.Silo.Tests.Clusters;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Client.Tests.Telemetry;

/// <summary>One whose processes can ask each other.</summary>
public sealed class TracedSilo : HttpSilo
{
    protected override void Configure(LlmosHostBuilder builder) => builder.Services.AddSingleton<IProcessProgram, AskingProgram>();
}
