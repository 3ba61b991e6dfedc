using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SmimeOperator.Runtime.Builder;
using SmimeOperator.Runtime.Client;
using SmimeOperator.Runtime.Events;
using SmimeOperator.Runtime.Health;
using SmimeOperator.Runtime.Hosting;
using SmimeOperator.Runtime.LeaderElection;
using SmimeOperator.Runtime.Metrics;
using SmimeOperator.Runtime.Watching;

namespace SmimeOperator.Runtime;

/// <summary>The way in.</summary>
public static class OperatorServiceCollectionExtensions
{
    /// <summary>The tag of the health check that says whether the operator is ready.</summary>
    public const string ReadyTag = HealthTags.Ready;

    /// <summary>The tag of the health check that says whether the operator still moves.</summary>
    public const string LiveTag = HealthTags.Live;

    /// <summary>Adds the runtime; what it watches and does is said to the builder.</summary>
    /// <remarks>
    /// The cluster is that of <see cref="KubernetesClientConfiguration"/> if one is registered, else the one the process runs in,
    /// else that of the kubeconfig.
    /// </remarks>
    public static IOperatorBuilder AddKubernetesOperator(this IServiceCollection services, Action<OperatorSettings>? configure = null)
    {
        services.AddOptionsWithValidateOnStart<OperatorSettings, OperatorSettingsValidator>().Configure(settings => configure?.Invoke(settings));
        services.AddMetrics();
        services.AddHealthChecks()
            .AddCheck<ReadinessCheck>("stores", tags: [HealthTags.Ready])
            .AddCheck<LivenessCheck>("movement", tags: [HealthTags.Live]);

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Func<double>>(static () => Random.Shared.NextDouble());
        services.TryAddSingleton<ProcessTerminator>(Environment.Exit);
        services.TryAddSingleton(static _ => KubernetesClientConfiguration.IsInCluster()
            ? KubernetesClientConfiguration.InClusterConfig()
            : KubernetesClientConfiguration.BuildDefaultConfig());
        services.TryAddSingleton<IKubernetes>(static provider => new Kubernetes(
            provider.GetRequiredService<KubernetesClientConfiguration>(),
            new RetryAfterHandler(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RetryAfterHandler>>())));

        services.AddSingleton(static provider => provider.GetRequiredService<IOptions<OperatorSettings>>().Value);
        services.AddSingleton<KubernetesApi>();
        services.AddSingleton<IObjectReader, ObjectReader>();
        services.AddSingleton<OperatorMetrics>();
        services.TryAddSingleton<WatchSettings>();
        services.AddSingleton<InformerContext>();
        services.AddScoped<ReconciliationContext>();
        services.AddSingleton(Election);
        services.AddSingleton<LeaderElector>();
        services.AddSingleton(static provider => new Leadership(
            provider.GetRequiredService<OperatorSettings>(), provider.GetRequiredService<LeaderElector>()));
        services.AddSingleton(static provider =>
        {
            var health = new OperatorHealth(
                provider.GetServices<IInformer>(), provider.GetServices<IControllerHost>(), provider.GetRequiredService<OperatorSettings>());
            provider.GetRequiredService<OperatorMetrics>().ObserveLeader(() => health.IsLeader);
            return health;
        });

        services.AddSingleton<EventRecorder>();
        services.AddSingleton<EventPublisher>(static provider => provider.GetRequiredService<EventRecorder>().PublishAsync);

        // In this order: services stop in the reverse one, and the work has things to say until it stops.
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<EventRecorder>());
        services.AddSingleton<IHostedService, OperatorHost>();
        return new OperatorBuilder(services);
    }

    private static LeaderElectionOptions Election(IServiceProvider provider)
    {
        var settings = provider.GetRequiredService<OperatorSettings>();
        var namespaceName = settings.LeaderElectionNamespace
            ?? provider.GetRequiredService<KubernetesClientConfiguration>().Namespace
            ?? "default";
        return new LeaderElectionOptions(
            new NamespacedName(namespaceName, settings.LeaderElectionName ?? settings.Name),
            settings.EffectiveIdentity,
            settings.LeaderElectionLeaseDuration,
            settings.LeaderElectionRenewDeadline,
            settings.LeaderElectionRetryPeriod);
    }
}
