using LLMOS.Silo.Http;
using LLMOS.Silo.Http.Acp;
using LLMOS.Silo.Http.Dashboard;
using LLMOS.Silo.Http.Mcp;
using LLMOS.Silo.Http.Ollama;
using LLMOS.Silo.Http.OpenAi;
using LLMOS.Silo.Http.Vapi;
using LLMOS.Silo.Logging;
using LLMOS.Silo.Placement;
using LLMOS.Silo.Storage;
using LLMOS.Silo.Streams;
using LLMOS.Silo.Telemetry;
using Microsoft.Extensions.Logging.Console;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace LLMOS.Silo;

/// <summary>Builds a <see cref="LlmosHost"/>. What is added to <see cref="Services"/> is there for grains too.</summary>
public sealed class LlmosHostBuilder
{
    private readonly LlmosSiloOptions _options;
    private readonly IHostApplicationBuilder _builder;
    private readonly List<Action<ISiloBuilder>> _configureSilo = [];

    internal LlmosHostBuilder(LlmosSiloOptions options)
    {
        _options = options;
        // The empty builders: the defaults read files, watch them and log to the console, at the cost of a tenth of the start.
        _builder = options.HttpPort is null
            ? Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "llmos" })
            : WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "llmos" });
    }

    public IServiceCollection Services => _builder.Services;

    public ILoggingBuilder Logging => _builder.Logging;

    /// <summary>Adds to the silo's configuration.</summary>
    public LlmosHostBuilder ConfigureSilo(Action<ISiloBuilder> configure)
    {
        _configureSilo.Add(configure);
        return this;
    }

    /// <exception cref="LlmosException">The options contradict each other, or the data folder cannot be used.</exception>
    public LlmosHost Build()
    {
        if (_options.Join is not null && _options.Roles != SiloRoles.Inference)
        {
            throw LlmosException.InvalidArgument("A silo that joins another can only have the role inference, because the state of the kernel lies in the first one's data folder: add --roles inference.");
        }

        var endpoints = SiloEndpoints.Choose(_options);
        SqliteStore? store = null;
        try
        {
            store = SqliteStore.Open(_options.Data);
            return Build(store, endpoints);
        }
        catch
        {
            store?.Dispose();
            endpoints.Dispose();
            throw;
        }
    }

    private LlmosHost Build(SqliteStore store, SiloEndpoints endpoints)
    {
        ConfigureLogging(store.Folder);
        ConfigureExport();
        Services.AddSingleton<IHostLifetime, NoLifetime>();
        _builder.UseOrleans(silo =>
        {
            ConfigureCluster(silo, endpoints);
            silo.ConfigureLlmosSilo(_options);
            if (_options.Roles.HasFlag(SiloRoles.Kernel))
            {
                silo.AddLlmosStorage(store, _options.VectorServer, _options.VectorServerFrom);

                // The log is this node's own, and its delivery begins with the third stage of boot.
                silo.AddVmpStreams(streams =>
                {
                    streams.StartStopped = true;
                    streams.PullsAllQueues = true;
                });
            }

            if (_options.HttpPort is not null)
            {
                silo.AddDashboard();
            }

            foreach (var configure in _configureSilo)
            {
                configure(silo);
            }
        });
        return new LlmosHost(BuildHost(endpoints), endpoints, store);
    }

    private void ConfigureCluster(ISiloBuilder silo, SiloEndpoints endpoints)
    {
        silo.UseLocalhostClustering(endpoints.SiloPort, endpoints.GatewayPort, _options.Join, _options.ServiceId, _options.ClusterId);
        silo.Configure<SiloOptions>(silo => silo.SiloName = "llmos-" + Environment.ProcessId);
        silo.Configure<SchedulingOptions>(scheduling => scheduling.TurnWarningLengthThreshold = TimeSpan.FromSeconds(5));
    }

    private void ConfigureLogging(string data)
    {
        Logging.SetMinimumLevel(LogLevel.Warning);
        Logging.AddFilter("LLMOS", LogLevel.Information);
        Logging.AddFilter(typeof(DeviceGossip).FullName, LogLevel.Warning);
        // What Orleans warns of at every start (workstation GC, its watchdog's first look) is as it should be here.
        Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        Services.AddSingleton<ILoggerProvider>(_ => new RollingFileLoggerProvider(Path.Combine(data, "logs"), TimeProvider.System));
        Logging.Configure(logging => logging.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        if (_options.LogToConsole && _options.LogFormat == LogFormat.Json)
        {
            Logging.AddJsonConsole(json =>
            {
                json.IncludeScopes = true;
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
            Services.AddHostedService<TraceIds>();
            Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }
        else if (_options.LogToConsole)
        {
            Services.AddSingleton<ILoggerProvider>(_ => new StandardErrorLoggerProvider());
        }
    }

    private void ConfigureExport()
    {
        var variables = Environment.GetEnvironmentVariables();
        if (OtlpSettings.Read(_options, variables.Keys.Cast<string>().Select(name => KeyValuePair.Create(name, (string?)variables[name] ?? ""))) is { } settings)
        {
            OtlpExport.Add(_builder, settings);
        }
    }

    private IHost BuildHost(SiloEndpoints endpoints)
    {
        switch (_builder)
        {
            case WebApplicationBuilder web:
                var tls = HttpCertificate.Read(_options);
                web.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
                {
                    kestrel.AddServerHeader = false;
                    kestrel.Limits.MaxRequestBodySize = HttpGuard.MaxBody;
                    kestrel.Listen(endpoints.Http!, listen =>
                    {
                        if (tls is not null)
                        {
                            listen.UseHttps(tls);
                        }
                    });
                });
                web.Services.AddRoutingCore();
                var isLocal = System.Net.IPAddress.IsLoopback(endpoints.Http!.Address);
                web.Services.AddSingleton(_options);
                web.Services.AddSingleton(provider => new ApiKeyGate(provider.GetRequiredService<IGrainFactory>(), _options));
                web.Services.AddSingleton<MetricsEndpoint>();
                web.Services.AddOpenAi();
                web.Services.AddVapi();
                web.Services.AddOllama();
                web.Services.AddMcp();
                web.Services.AddAcp();

                // On loopback only local names are answered, so that no page elsewhere reads the dashboard by renaming itself.
                web.Services.AddHostFiltering(filter => filter.AllowedHosts =
                    isLocal ? ["localhost", "127.0.0.1", "[::1]"] : ["*"]);
                var application = web.Build();
                application.UseTelemetry();
                application.UseHostFiltering();
                application.UseApiKeys();
                application.UseVapi();
                application.UseAcpSockets();
                application.UseRouting();
                application.MapDashboard();
                application.MapSiloDashboard();
                application.MapHealth();
                MetricsEndpoint.Map(application);
                application.MapOpenAi();
                application.MapVapi();
                application.MapOllama();
                application.MapMcp(McpEndpoints.Path);
                application.MapAcp();
                return application;
            default:
                return ((HostApplicationBuilder)_builder).Build();
        }
    }
}
