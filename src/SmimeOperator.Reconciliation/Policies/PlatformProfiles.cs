using System.Text.Json;
using SmimeOperator.Api;
using SmimeOperator.Intune.Models;

namespace SmimeOperator.Reconciliation;

/// <summary>The profiles of the platforms beside iOS: one import reaches all of a user's devices.</summary>
internal static class PlatformProfiles
{
    /// <summary>The platforms that a policy serves beside iOS.</summary>
    public static IEnumerable<DesiredObject> Compose(PolicyContext context, IReadOnlyList<TrustedRoot> roots)
    {
        var platforms = context.Spec.Platforms;
        foreach (var enrollment in (platforms?.Android?.Enrollments ?? []).Distinct())
        {
            var types = enrollment == AndroidEnrollment.DeviceOwner ? PlatformShapes.AndroidDeviceOwner : PlatformShapes.AndroidWorkProfile;
            foreach (var profile in Compose(context, platforms!.Android!, types, roots))
            {
                yield return profile;
            }
        }

        IEnumerable<(PlatformSpec? Spec, PlatformTypes Types)> others = [(platforms?.MacOS, PlatformShapes.MacOS), (platforms?.Windows, PlatformShapes.Windows)];
        foreach (var profile in others.SelectMany(p => p.Spec is null ? [] : Compose(context, p.Spec, p.Types, roots)))
        {
            yield return profile;
        }
    }

    private static IEnumerable<DesiredObject> Compose(
        PolicyContext context, PlatformSpec platform, PlatformTypes types, IReadOnlyList<TrustedRoot> roots)
    {
        var spec = context.Spec;
        if (platform.TrustCertificates)
        {
            foreach (var root in roots)
            {
                yield return Root(context, types, root);
            }
        }

        if (spec.Encryption?.Source == EncryptionSource.ImportedPkcs)
        {
            yield return ImportedPfx(context, platform, types, Roles.EncryptionProfile, "encryption", "smimeEncryption");
        }

        if (spec.Signing?.Source == SigningSource.ImportedPkcs)
        {
            yield return ImportedPfx(context, platform, types, Roles.SigningProfile, "signing", "smimeSigning");
        }
    }

    private static DesiredObject Root(PolicyContext context, PlatformTypes types, TrustedRoot root)
    {
        var displayName = $"{context.Spec.DisplayName} - root {root.Label} ({types.Label})";
        var desired = context.Object(Roles.On(types, root.Role), types.TrustedRoot, displayName, (mark, current) =>
            context.Common(mark, displayName, new PlatformProfile(types.TrustedRoot.Type)
            {
                Texts = new Dictionary<string, string?>
                {
                    ["certFileName"] = context.TextOf(Roles.On(types, root.Role), root.Label + ".cer"),
                    // Windows tells roots from intermediates by their store.
                    ["destinationStore"] = types != PlatformShapes.Windows ? null
                        : root.Certificate.IsRoot ? "computerCertStoreRoot" : "computerCertStoreIntermediate",
                },
                TrustedRootCertificate = root.Certificate.Der,
            }));
        var entry = Roles.On(types, Roles.Root(root.Entry));
        return desired with { TakesPlaceOf = role => role == entry || role.StartsWith(entry + "/", StringComparison.Ordinal) };
    }

    private static DesiredObject ImportedPfx(
        PolicyContext context, PlatformSpec platform, PlatformTypes types, string role, string label, string purpose)
    {
        var displayName = $"{context.ProfileName(label)} ({types.Label})";
        var own = Roles.On(types, role);
        var desired = context.Object(own, types.ImportedPfx, displayName, (mark, current) =>
        {
            return context.Common(mark, displayName, new PlatformProfile(types.ImportedPfx.Type)
            {
                // All but the key storage provider is fixed at creation (intune.md §4.2) or means nothing here, and the schema demands it.
                Texts = new Dictionary<string, string?>
                {
                    ["intendedPurpose"] = AtCreation(purpose),
                    ["certificateValidityPeriodScale"] = AtCreation("years"),
                    ["subjectNameFormat"] = AtCreation("commonName"),
                    ["subjectAlternativeNameType"] = AtCreation("none"),
                    ["keyStorageProvider"] = (platform as WindowsPlatform)?.KeyStorageProvider is { } provider
                        ? JsonNamingPolicy.CamelCase.ConvertName(provider.ToString())
                        : null,
                },
                Numbers = new Dictionary<string, int?>
                {
                    ["certificateValidityPeriodValue"] = current is null ? 1 : null,
                    ["renewalThresholdPercentage"] = current is null ? 20 : null,
                },
            });

            string? AtCreation(string value) => current is null ? value : null;
        });
        return desired with { TakesPlaceOf = own.Equals };
    }
}
