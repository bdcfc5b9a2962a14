using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Silo;
using LLMOS.SystemInterface.Boot;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests.Running;

/// <summary>A whole system in this process: a silo with its store in a folder, llama.cpp and a model that never ends a turn by itself, booted.</summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly LlmosHost _host;

    private RunningSystem(LlmosHost host) => _host = host;

    public IGrainFactory Grains => _host.Grains;

    public IServiceProvider Services => _host.Services;

    public IProcessTableGrain Table => Grains.GetGrain<IProcessTableGrain>(0);

    public IProcessGrain Console => Grains.GetGrain<IProcessGrain>(WellKnownPids.Console);

    public static async Task<RunningSystem> StartAsync(
        string data, BootRequest? boot = null, Action<IServiceCollection>? configure = null, Action<LlmosSiloOptions>? with = null)
    {
        var options = new LlmosSiloOptions { Data = data };
        options.Models.Default = Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf");
        with?.Invoke(options);
        var builder = LlmosHost.CreateBuilder(options);
        configure?.Invoke(builder.Services);
        var host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        var system = new RunningSystem(host);
        try
        {
            await foreach (var _ in host.Grains.GetGrain<IBootGrain>(0).BootAsync(boot ?? new BootRequest(), CancellationToken.None))
            {
            }
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }

        return system;
    }

    public IProcessGrain Process(long pid) => Grains.GetGrain<IProcessGrain>(pid);

    /// <summary>Sends a request from the console.</summary>
    public Task<VmpMessage> RequestAsync(long pid, string text) => Console.SendAsync(new OutgoingMessage { To = pid, Payload = text });

    /// <summary>Waits for the response to a request in the console's mailbox, and takes it.</summary>
    public async Task<VmpMessage> ResponseAsync(VmpMessage request)
    {
        var response = await Console.PeekAsync(new MessageFilter { CorrelationId = request.MessageId.ToString() }, Limit, CancellationToken.None)
            ?? throw new TimeoutException($"No response to '{request.Payload}' within {Limit}.");
        await Console.ConsumeAsync(response.MessageId);
        return response;
    }

    public async Task<VmpMessage> AskAsync(long pid, string text) => await ResponseAsync(await RequestAsync(pid, text));

    /// <summary>Waits for something that a process shows.</summary>
    public async Task<ProcessOutput> SeeAsync(long pid, Func<ProcessOutput, bool> condition, string what)
    {
        using var timeout = new CancellationTokenSource(Limit);
        try
        {
            await foreach (var output in Process(pid).WatchAsync(0, timeout.Token).WithCancellation(timeout.Token))
            {
                if (condition(output))
                {
                    return output;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }

        throw new TimeoutException($"Process {pid} did not show {what} within {Limit}.");
    }

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(Limit);
        await _host.StopAsync(timeout.Token);
        await _host.DisposeAsync();
    }
}
