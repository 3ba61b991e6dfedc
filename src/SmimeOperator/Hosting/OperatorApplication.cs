using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Configuration.Memory;
using SmimeOperator.Api;
using SmimeOperator.Catalog;
using SmimeOperator.Controllers;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;
using SmimeOperator.Runtime;
using SmimeOperator.Telemetry;

namespace SmimeOperator.Hosting;

/// <summary>Puts the operator together: runtime, reconciliation, tenant engine, probes, metrics.</summary>
internal static class OperatorApplication
{
    private const string EnvironmentPrefix = "SMIME_";

    public static async Task<int> RunAsync(string[] args)
    {
        await using var application = Build(args);
        // Running ends with the services disposed of; afterwards there is nobody left to ask for it.
        var health = application.Services.GetRequiredService<OperatorHealth>();
        await application.RunAsync();
        return health.ExitCode;
    }

    internal static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        // Below everything else, so that whoever wants a line for each probe and scrape can have it.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Logging:LogLevel:Microsoft.AspNetCore", "Warning")] });
        // SMIME_OPERATOR__NAMESPACES is Operator:Namespaces; flags win over environment, environment over files.
        builder.Configuration.AddEnvironmentVariables(EnvironmentPrefix).AddCommandLine(args);
        var options = builder.Configuration.GetSection(OperatorOptions.Section).Get<OperatorOptions>() ?? new OperatorOptions();
        builder.Services.AddOptionsWithValidateOnStart<OperatorOptions>().BindConfiguration(OperatorOptions.Section).ValidateDataAnnotations();
        builder.WebHost.UseUrls(options.Listen);
        if (options.JsonLogs)
        {
            builder.Logging.ClearProviders().AddJsonConsole(o => o.UseUtcTimestamp = true);
        }

        AddOperator(builder.Services, options);
        builder.Services.AddTelemetry(options);

        var application = builder.Build();
        // Nobody asks for it: it is there to be scraped.
        application.Services.GetRequiredService<ResourceMetrics>();
        application.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = c => c.Tags.Contains(OperatorServiceCollectionExtensions.LiveTag) });
        application.MapHealthChecks("/readyz", new HealthCheckOptions { Predicate = c => c.Tags.Contains(OperatorServiceCollectionExtensions.ReadyTag) });
        application.MapPrometheusScrapingEndpoint("/metrics");
        return application;
    }

    private static void AddOperator(IServiceCollection services, OperatorOptions options)
    {
        services.AddSingleton<IWriteFence, LeaseFence>();
        services.AddIntune(intune => intune.UserAgent = $"{OperatorOptions.ServiceName}/{OperatorOptions.Version} ({options.Replica})");
        services.AddReconciliation();
        services.AddSingleton<ClusterIdentity>();
        services.AddSingleton<ClusterCatalog>();
        services.AddSingleton<TenantWakeUps>();
        services.AddHostedService<HeapTrimmer>();

        var runtime = services.AddKubernetesOperator(settings =>
        {
            settings.Name = OperatorOptions.ServiceName;
            settings.FieldManager = ApiGroup.FieldManager;
            settings.Namespaces = [.. options.NamespaceList];
            settings.LeaderElectionType = options.LeaderElection ? LeaderElectionType.Single : LeaderElectionType.None;
            settings.LeaderElectionNamespace = options.LeaderElectionNamespace;
            settings.LeaderElectionName = options.LeaderElectionName;
            settings.LeaderElectionIdentity = options.Replica;
            settings.LeaderElectionLeaseDuration = options.LeaseDuration;
            settings.LeaderElectionRenewDeadline = options.LeaseRenewDeadline;
            settings.LeaderElectionRetryPeriod = options.LeaseRetryPeriod;
            settings.LabelSelector = options.LabelSelector;
            settings.ParallelReconciliation = options.Workers;
            settings.TriggerAnnotations = [Annotations.ReconcileRequestedAt, Annotations.ApproveDeletions];
        });

        runtime.AddResource<Tenant, TenantStatus>()
            .AddResource<SmimePolicy, SmimePolicyStatus>()
            .AddResource<CertificateImport, CertificateImportStatus>()
            .AddResource<Assignment, AssignmentStatus>()
            .AddMetadataStore<V1Secret>()
            .AddMetadataStore<V1ConfigMap>();
        if (options.NamespaceList.Count == 0)
        {
            runtime.AddMetadataStore<V1Namespace>();
        }

        Relations.Add(runtime);
    }

    private static IOperatorBuilder AddResource<TEntity, TStatus>(this IOperatorBuilder builder)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>, IStatus<TStatus?>
        where TStatus : ResourceStatus =>
        builder.AddController<ResourceController<TEntity, TStatus>, TEntity>()
            .AddFinalizer<ResourceController<TEntity, TStatus>, TEntity>(ApiGroup.Finalizer);
}
