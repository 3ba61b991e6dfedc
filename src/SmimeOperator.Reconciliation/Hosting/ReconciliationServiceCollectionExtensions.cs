using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>Registers the reconcilers of the four kinds.</summary>
public static class ReconciliationServiceCollectionExtensions
{
    /// <summary>Adds one <see cref="IResourceReconciler{TEntity, TStatus}"/> for each kind. Needs an <see cref="Intune.IIntuneTenantFactory"/>.</summary>
    public static IServiceCollection AddReconciliation(this IServiceCollection services)
    {
        // A command line may have no logging at all.
        services.TryAddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.TryAdd(ServiceDescriptor.Singleton(typeof(ILogger<>), typeof(Logger<>)));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Func<double>>(_ => Random.Shared.NextDouble);
        services.TryAddSingleton<TenantPool>();
        services.TryAddSingleton<TenantGate>();
        services.TryAddSingleton<ConnectorKeys>();
        services.TryAddSingleton<AuditLog>();
        services.TryAddSingleton<Applier>();
        services.TryAddSingleton<BlastRadiusGuard>();
        services.TryAddSingleton<Convergence>();
        services.TryAddSingleton<BulkMemories>();
        services.TryAddSingleton<BulkImportReconciler>();
        services.TryAddSingleton<DeliveryWatch>();
        services.TryAddSingleton<AppTurns>();
        services.TryAddSingleton<Predecessor>();
        services.TryAddSingleton<TrustedCertificates>();
        services.TryAddSingleton<IResourceReconciler<Tenant, TenantStatus>, TenantReconciler>();
        services.TryAddSingleton<IResourceReconciler<SmimePolicy, SmimePolicyStatus>, PolicyReconciler>();
        services.TryAddSingleton<IResourceReconciler<CertificateImport, CertificateImportStatus>, ImportReconciler>();
        services.TryAddSingleton<IResourceReconciler<Assignment, AssignmentStatus>, AssignmentReconciler>();
        return services;
    }
}
