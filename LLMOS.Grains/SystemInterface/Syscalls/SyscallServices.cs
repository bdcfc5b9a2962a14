using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>Adds the dispatcher's syscalls to a silo.</summary>
internal static class SyscallServices
{
    public static IServiceCollection AddSyscalls(this IServiceCollection services)
    {
        services.AddSingleton<ISyscallSet, ProcessSyscalls>();
        services.AddSingleton<ISyscallSet, MemorySyscalls>();
        services.AddSingleton<ISyscallSet, MessageSyscalls>();
        services.AddSingleton<ISyscallSet, ResourceSyscalls>();
        services.AddSingleton<ISyscallSet, FileSyscalls>();
        services.AddSingleton<ISyscallSet, IndexSyscalls>();
        services.AddSingleton<ISyscallSet, InformationSyscalls>();
        services.TryAddSingleton<SyscallTable>();
        return services;
    }
}
