using LLMOS.Client;
using LLMOS.Inference.Discovery;
using LLMOS.Kernel;
using LLMOS.Silo;
using LLMOS.SystemInterface.Boot;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Shell.Sessions;

/// <summary>A silo in this process.</summary>
internal sealed class EmbeddedSession : Session
{
    /// <summary>How long a silo may take to stop before the process ends without it; what it acknowledged is on disk anyhow.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(8);

    private readonly LlmosHost _host;
    private readonly ModelChoice _models;
    private readonly ResolvedModel? _default;

    private EmbeddedSession(LlmosHost host, string dataFolder, ModelChoice models, ResolvedModel? defaultModel)
    {
        _host = host;
        _models = models;
        _default = defaultModel;
        DataFolder = dataFolder;
        Client = new LlmosClient(host.Client);
    }

    public override LlmosClient Client { get; }

    public override string DataFolder { get; }

    public override string? ModelNote => _default is { Name: EmbeddedModel.Name }
        ? $"The model {EmbeddedModel.Name} is small and knows LLMOS's own tasks only; name another with --model (llmos models lists those on this machine)."
        : null;

    public int GatewayPort => _host.GatewayPort;

    public Uri? HttpAddress => _host.HttpAddress;

    /// <summary>Starts a silo and boots the system.</summary>
    /// <param name="options">What is needed of it.</param>
    /// <param name="progress">Called with each stage as it completes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="LlmosException">It cannot start, or a stage failed; the message says what is in its way.</exception>
    public static async Task<EmbeddedSession> OpenAsync(SessionOptions options, Action<BootProgress> progress, CancellationToken cancellationToken)
    {
        var silo = SiloSettings.Read(options);
        var models = new ModelChoice(silo.Models);
        var defaultModel = options.Works ? models.Default(options.Model) : null;
        if (options.Works && options.Model is not null)
        {
            silo.Models.Default = defaultModel?.Path ?? options.Model;
        }

        // Building a silo and loading native libraries takes the thread for a while; Ctrl-C must be heard meanwhile.
        var opening = Task.Run(() => StartAsync(options, silo, progress, cancellationToken), CancellationToken.None);
        LlmosHost host;
        try
        {
            host = await opening.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !opening.IsCompleted)
        {
            await ((Task)opening).WaitAsync(StopLimit, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return new EmbeddedSession(host, Path.GetFullPath(silo.Data), models, defaultModel);
    }

    /// <summary>A path, where it is a file: a resume finds it again from whatever folder and configuration.</summary>
    public override string ModelOf(string? requested) =>
        requested is not null ? _models.Find(requested)?.Path ?? requested
        : _default is { Name: not EmbeddedModel.Name } ? _default.Path
        : "";

    public override ValueTask DisposeAsync() => StopAsync(_host);

    private static async Task<LlmosHost> StartAsync(
        SessionOptions options, LlmosSiloOptions silo, Action<BootProgress> progress, CancellationToken cancellationToken)
    {
        var builder = LlmosHost.CreateBuilder(silo);
        builder.Services.Configure<KernelOptions>(kernel => kernel.DeliverMessages = options.Works);
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
            var request = new BootRequest { ResumeRuns = options.ResumeRuns, LoadModel = options.Works && options.LoadModel };
            await foreach (var stage in new LlmosClient(host.Client).BootAsync(request, cancellationToken))
            {
                progress(stage);
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (options.Works || options.Lasts)
            {
                host.Announce(options.Works);
            }

            return host;
        }
        catch
        {
            await StopAsync(host);
            throw;
        }
    }

    private static async ValueTask StopAsync(LlmosHost host)
    {
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await host.StopAsync(limit.Token).WaitAsync(StopLimit, CancellationToken.None);
        }
        catch (Exception slow) when (slow is OperationCanceledException or TimeoutException)
        {
            // What was acknowledged is on disk; the rest ends with the process.
            return;
        }

        await host.DisposeAsync();
    }
}
