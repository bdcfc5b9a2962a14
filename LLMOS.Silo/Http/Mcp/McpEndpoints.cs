using System.Reflection;
using ModelContextProtocol.Protocol;

namespace LLMOS.Silo.Http.Mcp;

/// <summary>The MCP server under <c>/mcp</c>: syscalls are its tools, the files of VectorFS its resources. It keeps no sessions.</summary>
internal static class McpEndpoints
{
    public const string Path = "/mcp";

    private const string Instructions =
        "An operating system for language models. Tools are its syscalls, and are made as the principal of the key that the request came with, or as the process that the key is for. "
        + "Resources are the files of VectorFS, such as vectorfs:///knowledge/facts.md.";

    public static void AddMcp(this IServiceCollection services)
    {
        services.AddSingleton<SyscallTools>();
        services.AddSingleton<FileResources>();
        services.AddMcpServer(options =>
            {
                options.ServerInfo = new Implementation { Name = "llmos", Title = "LLMOS", Version = Version };
                options.ServerInstructions = Instructions;
            })
            .WithHttpTransport(transport => transport.Stateless = true)
            .WithListToolsHandler(static (_, _) => ValueTask.FromResult(SyscallTools.List()))
            .WithCallToolHandler(static (request, stop) => request.Services!.GetRequiredService<SyscallTools>().CallAsync(request, stop))
            .WithListResourcesHandler(static (request, _) => request.Services!.GetRequiredService<FileResources>().ListAsync(request))
            .WithListResourceTemplatesHandler(static (_, _) => ValueTask.FromResult(FileResources.ListTemplates()))
            .WithReadResourceHandler(static (request, _) => request.Services!.GetRequiredService<FileResources>().ReadAsync(request));
    }

    private static string Version => typeof(McpEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
