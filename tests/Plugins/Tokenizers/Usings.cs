global using Experiments.Plugins.Tokenizers.BytePair;
global using Experiments.Plugins.Tokenizers.Formats;
global using Experiments.Plugins.Tokenizers.Reports;
global using Experiments.Plugins.Tokenizers.Splitting;
global using Experiments.Plugins.Tokenizers.Training;
